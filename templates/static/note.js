// A button that prints, where there is a script to do it.
for (const button of document.querySelectorAll(".print-this")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
