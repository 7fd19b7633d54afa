@journey
Feature: Platforms as they are in the world
  MINT keeps a connection as long as the platform allows, whatever server
  stands behind it, and asks for a new one when that is over.

  Rule: A connection lives on while the platform renews it

    @mindbaz @S000-37 @S001-16 @CL-54
    Scenario Outline: Two absences longer than access lives
      Given a mindbaz platform that behaves like <server>
      And Maya has connected the platform
      And Maya has returned after <absence>
      When Maya returns after <absence>
      Then Maya sees her 6 campaigns
      And MINT has renewed access 2 times

      Examples: Those that forgive nothing
        | why                                     | server                | absence    |
        | the old access ends with each renewal   | github                | 9 hours    |
        | the same renewal for years, not told    | google                | 61 minutes |
        | one year in all                         | atlassian             | 61 minutes |

      Examples: Those that forgive a lost answer
        | why                                     | server                | absence    |
        | the old renewal lives for half an hour  | xero                  | 31 minutes |
        | the lost answer is repeated             | django-oauth-toolkit  | 11 hours   |

  Rule: A connection that the platform has let go is asked for again

    @mindbaz @S004-32 @CL-59 @U-09
    Scenario Outline: An absence longer than the platform waits
      Given a mindbaz platform that behaves like <server>
      And Maya has connected the platform
      When Maya returns after <absence>
      Then Maya is asked to reconnect the platform

      Examples:
        | why                               | server         | absence  |
        | a refusal that looks like success | github         | 183 days |
        | a week, used or not               | google-testing | 8 days   |

  Rule: What the standards leave open surprises nobody

    @S000-37 @CL-34 @CL-37
    Scenario Outline: A connection survives whatever is lawful
      Given a <platform> platform full of lawful surprises, number <number>
      And Maya has connected the platform
      And Maya has returned after 61 minutes
      When Maya returns after 61 minutes
      Then Maya sees her 6 campaigns
      And MINT shows the platform as connected

      @mindbaz
      Examples:
        | why                       | platform | number |
        | a form in MINT            | mindbaz  | 1      |

      @mailup
      Examples:
        | why                       | platform | number |
        | a consent at the platform | mailup   | 3      |
