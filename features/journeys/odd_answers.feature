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

  Rule: An answer that nobody can read costs the customer nothing

    @mindbaz @CL-39 @CL-56 @TX-07
    Scenario Outline: A renewal that came back garbled is asked for again
      Given a mindbaz platform that takes the same renewal again and again
      And Maya has connected the platform
      And the platform answers the next renewal with <garbage>
      And Maya has returned after 21 minutes
      When Maya returns after 10 minutes
      Then Maya sees her 6 campaigns
      And MINT has renewed access with one refresh token

      Examples:
        | why                              | garbage                    |
        | a proxy stands between           | a gateway's page           |
        | a buffer was too small           | half an answer             |
        | a member was forgotten           | no token                   |

  Rule: Access that does not hold what it promised is renewed once

    @mindbaz @CL-47 @TX-22
    Scenario: Access that ends early
      Given a mindbaz platform
      And the platform will end the next access after 1 minute whatever it says
      And Maya has connected the platform
      When Maya returns after 2 minutes
      Then Maya sees her 6 campaigns
      And MINT has renewed access once

    @mindbaz @CL-47 @TX-22
    Scenario: Access that is not known at once
      Given a mindbaz platform
      And the platform will not know the next access at its first call
      When Maya connects the platform
      Then Maya sees her 6 campaigns
      And MINT has tried to renew access at most 1 time
