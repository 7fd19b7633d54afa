@protocol
Feature: Rotating refresh tokens
  Each use yields a new refresh token and spends the old one.

  Rule: Every refresh yields a new refresh token

    @S004-22 @S004-24 @S004-25 @RR-01 @RF-01 @RF-09
    Scenario Outline: Five refreshes yield five refresh tokens
      Given a <platform> platform
      And the client holds tokens of Maya
      And the client has refreshed 4 times
      When the client refreshes
      Then all refresh tokens so far differ
      And the access token opens the API

      @mailup
      Examples:
        | why              | platform |
        | with a secret    | mailup   |

      @mindbaz
      Examples:
        | why              | platform |
        | without a secret | mindbaz  |

  Rule: A spent refresh token is refused

    @mailup @S004-25 @RR-02 @RR-03
    Scenario: A replay ends the whole family
      Given a mailup platform
      And the client holds tokens of Maya
      And the client has refreshed 1 time
      When the client presents its first refresh token again
      Then the answer is 400 invalid_grant
      And the platform has ended the family because of refresh_token_reused
      And the newest access token opens nothing

    @mindbaz @S004-25 @RR-02
    Scenario: A replay is refused and nothing more
      Given a mindbaz platform
      And the client holds tokens of Maya
      And the client has refreshed 1 time
      When the client presents its first refresh token again
      Then the answer is 401 invalid_grant
      And the newest access token opens the API

    @mindbaz @RF-04
    Scenario: A refresh token with one character changed is refused
      Given a mindbaz platform
      And the client holds tokens of Maya
      When the client refreshes with one character changed
      Then the answer is 401 invalid_grant

    @RR-06
    Scenario Outline: Of 50 refreshes at one instant one succeeds
      Given a <platform> platform
      And the client holds tokens of Maya
      When the client refreshes in 50 parallel requests
      Then 1 of the requests is answered with tokens

      @mailup
      Examples:
        | why                      | platform |
        | the family ends          | mailup   |

      @mindbaz
      Examples:
        | why                      | platform |
        | the others are refused   | mindbaz  |

  Rule: A grace answers a lost answer with the same pair

    @service @RR-06 @TX-05
    Scenario: Repeated within the window, the same pair comes again
      Given a service platform
      And the clocks stand still
      And the client holds tokens of Maya
      And the client has refreshed 1 time
      And 29 seconds have passed
      When the client presents its first refresh token again
      Then the answer holds the tokens of the refresh before

    @service @RR-06 @TX-06
    Scenario: Repeated after the window, it is a replay
      Given a service platform
      And the clocks stand still
      And the client holds tokens of Maya
      And the client has refreshed 1 time
      And 31 seconds have passed
      When the client presents its first refresh token again
      Then the answer is 400 invalid_grant

    @service @RR-06
    Scenario: Of 50 refreshes within the window all get the same pair
      Given a service platform
      And the client holds tokens of Maya
      When the client refreshes in 50 parallel requests
      Then 50 of the requests are answered with tokens
      And they all hold the same refresh token

  Rule: A refresh token that lies idle dies

    @mindbaz @S004-05 @RR-05 @RF-06
    Scenario: Refused after its life
      Given a mindbaz platform
      And the client holds tokens of Maya
      And 169 hours have passed
      When the client refreshes
      Then the answer is 401 invalid_grant

    @mindbaz @S004-05 @RR-05
    Scenario: An hour before its end it works
      Given a mindbaz platform
      And the client holds tokens of Maya
      And 167 hours have passed
      When the client refreshes
      Then the answer holds a bearer access token for 1199 seconds
