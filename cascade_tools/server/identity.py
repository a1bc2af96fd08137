"""Who is asking: one cookie with a random secret, looked up in the records at every request."""

from typing import Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User

from cascade_tools.errors import NotNow, SignedOut
from cascade_tools.records import Records, SignedIn


class Visitor(User):  # type: ignore[misc]
    """A signed-in person, as Jupyter's own parts see them."""

    signed_in: SignedIn


class CookieIdentity(IdentityProvider):  # type: ignore[misc]
    """No token in an address, no anonymous user, nothing personal in the cookie."""

    auth_enabled = True
    login_available = False

    def get_user(self, handler: Any) -> Visitor | None:
        token = handler.get_cookie(handler.settings["cascade"].cookie)
        records: Records = handler.settings["cascade"].records
        if not token:
            return None
        try:
            signed_in = records.signing_in.who(token)
        except SignedOut:
            return None
        except NotNow:
            # Whom to ring is there for everybody, whatever has become of the records.
            if getattr(handler, "open_to_all", False):
                return None
            raise
        visitor = Visitor(signed_in.person.id)
        visitor.signed_in = signed_in
        return visitor

    def is_token_authenticated(self, handler: Any) -> bool:
        return False

    def get_handlers(self) -> list[Any]:
        return []


class OwnKernels(Authorizer):  # type: ignore[misc]
    """A person may reach the kernels their own pages started, and nothing else of Jupyter's."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        if resource != "kernels":
            return False
        kernel_id = getattr(handler, "kernel_id", None) or handler.path_kwargs.get("kernel_id")
        kernels = handler.settings["kernel_manager"]
        return bool(kernel_id) and kernels.owner(kernel_id) == user.username
