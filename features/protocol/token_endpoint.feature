@protocol
Feature: The token endpoint
  Errors are RFC 6749 section 5.2: a status, a code, JSON.

  Rule: Every error has its code

    @TK-07 @TK-08 @TK-09 @TK-10 @TK-12 @TK-16 @S001-03 @S002-01 @S003-13 @S004-20 @S004-36
    Scenario Outline: A wrong request is answered with the fitting error
      Given a <platform> platform
      When the client sends <request> to the token endpoint
      Then the answer is <status> <error>
      And the answer is JSON that must not be stored

      @mint
      Examples:
        | why                   | platform | request                  | status | error                  |
        | nothing to go by      | mint     | no grant_type            | 400    | invalid_request        |
        | a code is owed        | mint     | no code                  | 400    | invalid_request        |
        | nobody speaks it      | mint     | grant_type=banana        | 400    | unsupported_grant_type |
        | not the code of any   | mint     | an unknown code          | 400    | invalid_grant          |
        | not who it says       | mint     | a wrong secret           | 401    | invalid_client         |

      @mailup
      Examples:
        | why                   | platform | request                  | status | error                  |
        | only the code grant   | mailup   | the password grant       | 400    | unsupported_grant_type |
        | a secret is owed      | mailup   | no secret                | 401    | invalid_client         |
        | URIs are logged       | mailup   | its secret in the query  | 400    | invalid_request        |
        | names are exact       | mailup   | its name in client_Id    | 401    | invalid_client         |

      @service
      Examples:
        | why                   | platform | request                  | status | error                  |
        | not the token of any  | service  | an unknown refresh token | 400    | invalid_grant          |

      @mindbaz
      Examples:
        | why                   | platform | request                  | status | error                  |
        | the SSO answers 401   | mindbaz  | an unknown refresh token | 401    | invalid_grant          |
        | no code grant here    | mindbaz  | an unknown code          | 400    | unsupported_grant_type |

    @mint @TK-10 @S001-18
    Scenario: Wrong Basic credentials are challenged
      Given a mint platform
      When the client sends a wrong secret to the token endpoint
      Then the answer is 401 invalid_client
      And the answer carries a Basic challenge

    @mailup @TK-01 @S004-08
    Scenario: Tokens are not to be had by GET
      Given a mailup platform
      When the client asks for tokens by GET
      Then the answer is 405
      And the answer holds no token

  Rule: Parameter names are exact unless the profile folds them

    @mindbaz @TK-16 @S004-33
    Scenario: client_Id is taken where the documents spell it so
      Given a mindbaz platform
      When the client asks for tokens with Maya's password and client_Id=100
      Then the answer holds a bearer access token for 1199 seconds
