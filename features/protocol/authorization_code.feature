@protocol
Feature: The authorization code
  A code is exchanged once, soon, by the client it was issued to.

  Rule: A valid code earns an access token and a refresh token

    @mailup @S000-27 @S001-15 @S002-14 @CG-01 @CG-09 @TK-03 @TK-04 @TL-03
    Scenario: The token answer has everything a client needs
      Given a mailup platform
      And the client holds a code
      When the client exchanges the code
      Then the answer holds a Bearer access token for 900 seconds
      And the answer holds a refresh token
      And the answer must not be stored

  Rule: A code is used once

    @CG-08 @S000-26
    Scenario Outline: Of 50 exchanges at one instant one succeeds
      Given a <platform> platform
      And the client holds a code
      When the client exchanges the code in 50 parallel requests
      Then 1 of the requests is answered with tokens
      And the platform has answered 1 exchange with tokens

      @mint
      Examples:
        | why                      | platform |
        | sliding refresh tokens   | mint     |

      @mailup
      Examples:
        | why                      | platform |
        | rotating refresh tokens  | mailup   |

      @service
      Examples:
        | why                      | platform |
        | a grace is for refreshes | service  |

    @mint @CG-02 @CG-03
    Scenario: A replayed code ends what it had earned
      Given a mint platform
      And the client holds a code
      And the client has exchanged the code
      When the client exchanges the code
      Then the answer is 400 invalid_grant
      And the platform has ended the family because of code_reused
      And the first access token opens nothing

    @mailup @CG-03
    Scenario: A replay without the client's secret ends nothing
      Given a mailup platform
      And the client holds a code
      And the client has exchanged the code
      When the client exchanges the code with a wrong secret
      Then the answer is 401 invalid_client
      And the first access token opens the API

  Rule: A code is short-lived

    @mailup @CG-04 @S001-11 @S002-13
    Scenario: A code past its life is refused
      Given a mailup platform
      And the client holds a code
      And 31 seconds have passed
      When the client exchanges the code
      Then the answer is 400 invalid_grant
      And the answer holds no token

  Rule: A code belongs to the request that earned it

    @mint @PK-02 @PK-03 @CG-06
    Scenario Outline: An exchange must fit its authorization request
      Given a mint platform
      And the client holds a code
      When the client exchanges the code with <deviation>
      Then the answer is 400 <error>
      And the answer holds no token

      Examples:
        | why                       | deviation              | error           |
        | not the client's proof    | another code_verifier  | invalid_grant   |
        | no proof at all           | no code_verifier       | invalid_grant   |
        | not where the code went   | another redirect_uri   | invalid_grant   |

    @mailup @CG-06 @S001-14
    Scenario: The redirect_uri of the request is repeated
      Given a mailup platform
      And the client holds a code
      When the client exchanges the code with no redirect_uri
      Then the answer is 400 invalid_request
      And the answer holds no token

    @mailup @PK-04
    Scenario: A code_verifier without a challenge is refused
      Given a mailup platform
      And the client holds a code asked for without PKCE
      When the client exchanges the code with another code_verifier
      Then the answer is 400 invalid_grant
      And the answer holds no token

    @mint @CG-05 @S000-26
    Scenario: A code is worth nothing to another client
      Given a mint platform with a second client
      And the client holds a code
      When the second client exchanges the code
      Then the answer is 400 invalid_grant
      And the answer holds no token
