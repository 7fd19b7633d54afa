@protocol @mindbaz
Feature: The form of access tokens
  An access token may be a signed JWT that anybody can check, one that only the
  platform can read, or a word without meaning.

  Rule: A signed token can be checked with the keys that the platform publishes

    @S004-02 @JT-01 @JT-02
    Scenario Outline: The signature fits a published key
      Given a mindbaz platform with access_token.alg=<alg> and access_token.key=""
      When the client asks for tokens with Maya's password
      Then the access token is signed with <alg> by a key that the platform publishes
      And the access token opens the API

      Examples:
        | why              | alg   |
        | RSA              | RS256 |
        | elliptic curves  | ES256 |
        | Edwards curves   | EdDSA |

    @JT-02
    Scenario: After a rotation the tokens signed before are still good
      Given a mindbaz platform with access_token.alg=ES256 and access_token.key=""
      And the client holds tokens of Maya
      And the platform has rotated its signing key
      When the client refreshes
      Then the access tokens so far are signed by 2 different keys
      And the first access token opens the API
      And the newest access token opens the API

    @JT-04
    Scenario: A token may follow the JWT profile for access tokens
      Given a mindbaz platform with access_token.profile=rfc9068
      When the client asks for tokens with Maya's password
      Then the access token has the type at+jwt and the claims of RFC 9068

  Rule: An encrypted token is read by the platform alone

    @S004-01 @JT-01
    Scenario: The API opens to a token that the client cannot read
      Given a mindbaz platform with access_token.format=jwe and access_token.alg=ES256 and access_token.key=""
      When the client asks for tokens with Maya's password
      Then nobody but the platform can read the access token
      And the access token opens the API

  Rule: Where the API believes the token itself, a revocation comes late

    @S004-20 @PR-04
    Scenario: A revoked token opens the API until it ends
      Given a mindbaz platform with resource_server.validation=local
      And the client holds tokens of Maya
      And the operator of the platform has ended Maya's grant
      When the client reads the campaigns
      Then the answer is 200

    @S004-20 @PR-03
    Scenario: No longer than that
      Given a mindbaz platform with resource_server.validation=local
      And the client holds tokens of Maya
      And 1201 seconds have passed
      When the client reads the campaigns
      Then the answer is 401 with the challenge invalid_token
