@protocol
Feature: The authorization request
  The authorization endpoint answers only to a client it knows, only at the
  redirect URI registered, and only with a code.

  Rule: A request that cannot be trusted gets a page and is redirected nowhere

    @mint @AZ-01 @S001-03 @S002-08 @S003-14
    Scenario: An unknown client_id is answered with a page
      Given a mint platform
      When a client asks for authorization with client_id=nobody
      Then the platform answers 400 with a page of its own
      And the redirection endpoint has received nothing

    @mailup @AZ-02 @AZ-03 @S001-07 @S002-02 @S002-10 @S003-20
    Scenario Outline: The redirect_uri is compared byte by byte
      Given a mailup platform
      When the client asks for authorization with its redirect URI <changed>
      Then the platform answers 400 with a page of its own
      And the redirection endpoint has received nothing

      Examples:
        | why                            | changed                       |
        | another host                   | on another host               |
        | a longer path                  | with a longer path            |
        | an added query                 | with a query                  |
        | a trailing slash               | with a trailing slash         |
        | another case                   | in another case               |
        | a path that normalises to it   | with a dot segment            |

  Rule: Errors of a known client return to its redirection endpoint

    @mint @PK-05 @PK-06 @AZ-06 @AZ-07 @AZ-11 @S003-21
    Scenario Outline: A wrong request is redirected with error, state and iss
      Given a mint platform
      When the client asks for authorization with <parameter>
      Then the redirection endpoint receives the error <error>
      And it receives state and iss as sent and configured
      And the platform has issued no code

      Examples:
        | why                       | parameter                      | error                     |
        | PKCE is required          | no PKCE                        | invalid_request           |
        | plain protects nothing    | code_challenge_method=plain    | invalid_request           |
        | left out means plain      | no code_challenge_method       | invalid_request           |
        | no implicit grant         | response_type=token            | unsupported_response_type |
        | nobody grants this        | scope=ads.everything           | invalid_scope             |

    @service @AZ-13 @AZ-14 @S000-07 @S003-20
    Scenario: A denial is redirected as access_denied
      Given a service platform
      When Maya denies the client's authorization request
      Then the redirection endpoint receives the error access_denied
      And it receives state and iss as sent and configured
      And the platform has issued no code

  Rule: A granted request returns one code with the client's state

    @mint @AZ-08 @AZ-14 @S000-17 @S000-25 @CG-07
    Scenario: State and issuer come back untouched
      Given a mint platform
      And the client's state is "a b%20c&d=é/?#"
      When Maya allows the client's authorization request
      Then the redirection endpoint receives a code of at least 22 characters
      And it receives state and iss as sent and configured

    @mailup @AZ-15 @S002-05 @UI-01
    Scenario: The browser is sent back by 303 without the password
      Given a mailup platform
      When Maya allows the client's authorization request
      Then every redirect of her way has the status 302 or 303
      And the redirection endpoint has never received her password

  Rule: The Platform's pages cannot be framed, kept or leaked

    @S000-15 @UI-06 @TL-04 @TL-05
    Scenario Outline: Security headers on every page
      Given a <platform> platform
      When a client fetches the <page> page
      Then the answer forbids framing
      And the answer forbids caching and referrers
      And the answer gives no other origin a right to read it

      @mailup @S001-08
      Examples:
        | why                     | platform | page    |
        | where passwords go      | mailup   | login   |

      @mint
      Examples:
        | why                     | platform | page    |
        | where mistakes end      | mint     | error   |

      @service
      Examples:
        | why                     | platform | page    |
        | where secrets are shown | service  | portal  |
