@journey
Feature: Staying connected
  MINT renews access without asking the customer again; she notices nothing.

  Rule: Access that has run out is renewed before it is used

    @S000-38 @S001-17 @S001-20 @U-08 @CL-45 @RF-01 @containers
    Scenario Outline: Figures are there after access has run out
      Given a <platform> platform
      And Maya has connected the platform
      When Maya returns after <absence>
      Then Maya sees her 6 campaigns
      And MINT has renewed access once
      And the platform has refused no call

      @mint
      Examples:
        | why                      | platform | absence    |
        | access lives 20 minutes  | mint     | 21 minutes |

      @mailup @S001-19 @S002-15 @S002-16 @S002-17
      Examples:
        | why                      | platform | absence    |
        | access lives 15 minutes  | mailup   | 16 minutes |

      @service
      Examples:
        | why                      | platform | absence    |
        | access lives an hour     | service  | 61 minutes |

      @mindbaz @S004-07 @S004-39
      Examples:
        | why                      | platform | absence    |
        | access lives 20 minutes  | mindbaz  | 21 minutes |

    @mindbaz @S004-26 @S004-28 @CL-44
    Scenario: Access is used for its whole life
      Given a mindbaz platform
      And the clocks stand still
      And Maya has connected the platform
      When Maya returns after 1188 seconds
      Then Maya sees her 6 campaigns
      And MINT has renewed access 0 times

    @mindbaz @S004-27 @S004-29 @CL-45
    Scenario: Access counts as used up ten seconds before its end
      Given a mindbaz platform
      And the clocks stand still
      And Maya has connected the platform
      When Maya returns after 1190 seconds
      Then MINT has renewed access once
      And the platform has refused no call

  Rule: A refused call is repeated once with renewed access

    @S001-21 @S004-21 @CL-47 @TX-22 @containers
    Scenario Outline: A call refused before its time is healed unnoticed
      Given a <platform> platform
      And Maya has connected the platform
      And the platform refuses the next call although access is granted
      When Maya looks at her campaigns
      Then Maya sees her 6 campaigns
      And MINT has renewed access once
      And the platform has refused 1 call

      @mint
      Examples:
        | why                            | platform |
        | the refresh token slides       | mint     |

      @mailup
      Examples:
        | why                            | platform |
        | the refresh token rotates      | mailup   |

      @service
      Examples:
        | why                            | platform |
        | a client with a secret         | service  |

      @mindbaz
      Examples:
        | why                            | platform |
        | a public client without secret | mindbaz  |

    @mindbaz @CL-49 @TX-27
    Scenario: A platform that refuses for ever is not hammered
      Given a mindbaz platform
      And Maya has connected the platform
      And the platform refuses the next 2 calls although access is granted
      When Maya looks at her campaigns
      Then MINT has renewed access once
      And the platform has refused 2 calls
      And MINT does not show the platform as connected

  Rule: A sliding refresh token stays the same while its life is prolonged

    @mint @S000-33 @S000-34 @S000-39 @S004-38 @RS-03 @CL-57 @U-09 @TX-15 @containers
    Scenario: Looking in at nine tenths of the idle window keeps the connection
      Given a mint platform
      And Maya has connected the platform
      And Maya has returned after 27 days
      When Maya returns after 27 days
      Then Maya sees her 6 campaigns
      And MINT has renewed access with one refresh token

    @mint @S000-40 @S000-34 @RS-04 @CL-59 @U-09
    Scenario: A connection left alone past the idle window needs reconnecting
      Given a mint platform
      And Maya has connected the platform
      When Maya returns after 31 days
      Then Maya is asked to reconnect the platform
      And Maya sees the figures of 31 days ago with their date

    @mint @S000-35 @RS-05 @U-09
    Scenario: No connection outlives the absolute cap
      Given a mint platform whose grants end after 40 days
      And Maya has connected the platform
      And Maya has returned after 27 days
      When Maya returns after 27 days
      Then Maya is asked to reconnect the platform

  Rule: A rotating refresh token is used once, the newest one next

    @mailup @S001-17 @S004-32 @CL-59 @U-09 @RF-06
    Scenario: A refresh token that lay idle too long ends the connection
      Given a mailup platform
      And Maya has connected the platform
      When Maya returns after 15 days
      Then Maya is asked to reconnect the platform
      And Maya sees the figures of 15 days ago with their date

    @mindbaz @S004-05 @S004-24 @RR-01 @RR-05
    Scenario: Each renewal starts a new week
      Given a mindbaz platform
      And Maya has connected the platform
      And Maya has returned after 6 days
      When Maya returns after 6 days
      Then Maya sees her 6 campaigns
      And MINT has renewed access with 2 different refresh tokens

  Rule: A spent refresh token is worth nothing in foreign hands

    @mailup @S004-25 @RR-03 @CL-59
    Scenario: A thief's replay ends the connection where the family is revoked
      Given a mailup platform whose token answers are overheard
      And Maya has connected the platform
      And MINT has renewed access 1 time
      And a thief has presented the refresh token that MINT spent
      When Maya looks at her campaigns
      Then Maya is asked to reconnect the platform

    @mindbaz @S004-25 @RR-02
    Scenario: A thief's replay changes nothing where it is only refused
      Given a mindbaz platform whose token answers are overheard
      And Maya has connected the platform
      And MINT has renewed access 1 time
      And a thief has presented the refresh token that MINT spent
      When Maya returns after 21 minutes
      Then Maya sees her 6 campaigns
      And MINT shows the platform as connected

  Rule: A restart of MINT loses nothing

    @mailup @S000-37 @S001-16 @S004-24 @CL-44 @CL-54 @TX-14 @containers
    Scenario: The connection survives a restart
      Given a mailup platform
      And Maya has connected the platform
      And MINT has renewed access 1 time
      And MINT has restarted
      When Maya returns after 21 minutes
      Then Maya sees her 6 campaigns
      And MINT has renewed access with 2 different refresh tokens
