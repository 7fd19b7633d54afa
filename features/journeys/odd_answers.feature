@journey
Feature: Platforms that answer in their own way
  What a platform is free to write differently must not end a connection.

  Rule: MINT reads how long access lives, or finds out

    @mindbaz @S004-15 @CL-35 @CL-36
    Scenario Outline: Access that ran out is renewed whatever the answer said of its life
      Given a mindbaz platform with token.expires_in=<form>
      And Maya has connected the platform
      When Maya returns after 21 minutes
      Then Maya sees her 6 campaigns
      And MINT has renewed access once

      Examples:
        | why                           | form   |
        | digits between quotation marks | string |
        | a fraction                    | float  |
        | nothing at all                | absent |
        | twice the truth               | lying  |

  Rule: MINT reads any lawful spelling of the token type

    @mailup @S004-03 @CL-32
    Scenario: An access token of the type BEARER opens the API
      Given a mailup platform with token.token_type=BEARER
      When Maya connects the platform
      Then Maya sees her 6 campaigns

  Rule: A platform may give no refresh token

    @mailup @S000-27 @CL-40
    Scenario: The connection works until access ends, then MINT asks for a new one
      Given a mailup platform with refresh_token.issued=false and refresh_token.rotates=false and refresh_token.returned=false
      And Maya has connected the platform
      When Maya returns after 16 minutes
      Then Maya is asked to reconnect the platform
      And MINT has tried to renew access at most 0 times
