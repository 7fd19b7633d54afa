@protocol @mindbaz
Feature: The password grant
  A public client shared by everybody exchanges an API account's login and
  password for a signed access token and a single-use refresh token.

  Rule: The answer is as documented

    @S004-03 @S004-04 @S004-09 @S004-34 @S004-14 @S004-15 @PW-01 @TK-03 @TK-05 @JT-04
    Scenario: Four members, bearer, one second less than twenty minutes
      Given a mindbaz platform
      When the client asks for tokens with Maya's password
      Then the answer is 200
      And the answer holds a bearer access token for 1199 seconds
      And the answer holds a refresh token of 32 hex digits

    @S004-01 @S004-02 @S004-16 @S004-17 @JT-01 @JT-04
    Scenario: The access token is a JWT with the documented claims
      Given a mindbaz platform
      When the client asks for tokens with Maya's password
      Then the access token is a JWT signed with HS256
      And its claims name the issuer, Maya and the audience RestAPI
      And its exp is 1200 seconds after its iat
      And its cookey is 16 bytes encoded twice

    @S004-06 @TK-18 @JT-04
    Scenario: Every answer is unique
      Given a mindbaz platform
      When the client asks for tokens with Maya's password 20 times
      Then all access tokens and refresh tokens differ
      And all jti differ

  Rule: Wrong credentials earn nothing

    @S004-11 @S004-12 @S004-13 @S004-20 @PW-02 @PW-03
    Scenario Outline: A wrong request is refused
      Given a mindbaz platform
      When the client asks for tokens with Maya's password and <deviation>
      Then the answer is <status> <error>
      And the answer holds no token

      Examples:
        | why                             | deviation             | status | error           |
        | the password is Maya's alone    | a wrong password      | 401    | invalid_grant   |
        | unknown looks like wrong        | an unknown username   | 401    | invalid_grant   |
        | the site number is no client    | client_id=4711        | 401    | invalid_client  |
        | 100 for everyone, but not none  | no client_id          | 401    | invalid_client  |
        | a password is owed              | no password           | 400    | invalid_request |

    @PW-06
    Scenario: A password in the query string is refused
      Given a mindbaz platform
      When the client asks for tokens with Maya's password in the query
      Then the answer is 400 invalid_request
      And the answer holds no token

  Rule: A forged token opens nothing

    @S004-17 @JT-02 @JT-03
    Scenario Outline: A JWT that the Platform did not sign is refused
      Given a mindbaz platform
      And the client holds tokens of Maya
      When the client reads the campaigns with <forgery>
      Then the answer is 401 with the challenge invalid_token

      Examples:
        | why                        | forgery                          |
        | no signature needed        | its access token with alg none   |
        | claims are signed          | its access token made Oskar's    |
        | a signature is there       | its access token without signature |
