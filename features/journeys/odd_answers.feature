@journey
Feature: Platforms that answer in their own way
  What a platform is free to write differently must not end a connection.

  Rule: MINT reads how long access lives, or finds out

    @mindbaz @S004-15 @CL-35 @CL-36
    Scenario Outline: Access that ran out is renewed whatever the answer said of its life
      Given a mindbaz platform that tells the end of access <form>
      And Maya has connected the platform
      When Maya returns after 21 minutes
      Then Maya sees her 6 campaigns
      And MINT has renewed access once

      Examples:
        | why                            | form                  |
        | digits between quotation marks | in quotation marks    |
        | a fraction                    | as a fraction         |
        | nothing at all                | not at all            |
        | twice the truth               | twice too late        |

  Rule: MINT reads any lawful spelling

    @mailup @S004-03 @CL-32
    Scenario: Capitals where small letters are usual keep nobody out
      Given a mailup platform that writes in capitals
      When Maya connects the platform
      Then Maya sees her 6 campaigns

  Rule: A platform may let access end for good

    @mailup @S000-27 @CL-40
    Scenario: The connection works until access ends, then MINT asks for a new one
      Given a mailup platform that never renews access
      And Maya has connected the platform
      When Maya returns after 16 minutes
      Then Maya is asked to reconnect the platform
      And MINT has tried to renew access at most 0 times
