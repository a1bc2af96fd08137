// The code travels behind the "#", so that it stands in no log; here it is put into its box.
const code = location.hash.slice(1);
if (code) {
  document.getElementById("code").value = decodeURIComponent(code);
  history.replaceState(null, "", location.pathname);
  document.getElementById("passphrase").focus();
}
