# The page about the API
docs-title = Formwork API
docs-intro = The addresses that the pages and other programs use. A program signs in with a token of a member: its requests carry the header “Authorization: Bearer TOKEN”. What is refused is answered as a problem document with a code that stays.
docs-machine = The same for programs: OpenAPI 3.1
docs-documents = JSON Schemas of documents:
docs-language = Language
docs-subjects = Subjects
docs-skip = To the operations
docs-anybody = Anybody may ask this.
docs-signed-in = For whoever is signed in, as far as their rights go.
docs-parameters = Parameters
docs-body = Body
docs-answers = Answers
docs-required = required
docs-types = Types
