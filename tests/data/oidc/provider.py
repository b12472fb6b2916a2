"""Starts oidc-provider-mock, an OpenID provider that others have made, at a free port, and prints its address.

Clients have to register, and PKCE is asked for: by Authlib, which the provider stands on and which checks it.
"""

import os

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import authlib.integrations.flask_oauth2 as flask_oauth2
import oidc_provider_mock._app as provider
from authlib.oauth2.rfc7636 import CodeChallenge
from werkzeug.serving import make_server

challenges = {}


class Grant(provider.AuthorizationCodeGrant):
    def save_authorization_code(self, code, request):
        data = request.payload.data
        challenges[code] = (data.get("code_challenge"), data.get("code_challenge_method"))
        return super().save_authorization_code(code, request)


class Pkce(CodeChallenge):
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def get_authorization_code_challenge(self, code):
        return challenges[code.code][0]

    def get_authorization_code_challenge_method(self, code):
        return challenges[code.code][1]


class Server(flask_oauth2.AuthorizationServer):
    def register_grant(self, grant, extensions=None):
        if grant is Grant:
            extensions = [*(extensions or []), Pkce(required=True)]
        super().register_grant(grant, extensions)


provider.AuthorizationCodeGrant = Grant
flask_oauth2.AuthorizationServer = Server
app = provider.app(require_client_registration=True, require_nonce=True)
server = make_server("127.0.0.1", 0, app, threaded=True)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
