@check
Feature: Metadata
  A client that reads the server's own document has nothing to type in, and
  notices when it has been pointed at the wrong server.

  Rule: The document is where every client looks for it

    @MD-01
    Scenario: The metadata document is found at its well-known address
      When the client looks for the metadata at all addresses in use
      Then the address of RFC 8414 answers with a JSON object

    @MD-02
    Scenario: The metadata name exactly the issuer that was asked
      When the client reads the metadata
      Then the issuer is the one that the client was told, character by character

  Rule: The document is complete, and true

    @MD-03
    Scenario: The metadata are complete, and every endpoint they name answers
      When the client reads the metadata
      Then nothing is missing that they must name
      And every endpoint they name answers on its method

    @MD-04
    Scenario: A client can find out that PKCE with S256 is supported
      When the client reads the metadata
      Then they, or the documentation, say that PKCE with S256 is supported

    @MD-05
    Scenario: What the metadata promise is what the server does
      When the client reads the metadata
      Then the server knows every grant type that they name
      And it authenticates clients by every method that they name
      And it has every response type that they name
      And what was seen to work is named
