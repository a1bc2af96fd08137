"""Practice for whoever is signed in."""

from cascade_tools.server.base import Page


class SignedInPractice(Page):
    """Nothing is kept, so nobody need have said that anything may be."""

    before_yes = True

    def reflection(self, name: str) -> str:
        """The address of the workbook to reflect in; empty where it is not for this person."""
        workbook = self.serving.shelf.find(name)
        if workbook is None or not workbook.roles & self.person.roles:
            return ""
        return self.to(f"workbooks/{name}")
