@journey
Feature: Safekeeping
  What MINT holds for a customer is readable to nobody else.

  Rule: Tokens rest encrypted, and only there

    @S000-37 @S000-23 @S001-12 @S004-19 @CL-23 @CL-42 @CL-62 @CL-64 @containers
    Scenario Outline: Neither database nor log nor pages give a token away
      Given a <platform> platform whose token answers are overheard
      And Maya has connected the platform
      And MINT has renewed access 1 time
      When MINT's database, log and pages are searched for what was overheard
      Then no token is found there
      And the database and the log hold no code

      @mint
      Examples:
        | why                      | platform |
        | opaque tokens            | mint     |

      @mailup
      Examples:
        | why                      | platform |
        | rotated tokens           | mailup   |

      @service
      Examples:
        | why                      | platform |
        | tokens with scopes       | service  |

      @mindbaz
      Examples:
        | why                      | platform |
        | a JWT and 32 hex digits  | mindbaz  |

  Rule: A password entered in MINT is used once

    @mindbaz @S004-12 @U-15 @CL-70 @S002-05
    Scenario: The database holds no password
      Given a mindbaz platform
      And Maya has connected the platform
      When MINT's database is searched for Maya's password
      Then no password is found there
      And MINT has sent the password once

  Rule: A connection belongs to the visitor who made it

    @mindbaz @CL-67 @S000-08
    Scenario: Another visitor cannot open the connection
      Given a mindbaz platform
      And Maya has connected the platform
      When Oskar opens the page of Maya's connection
      Then Oskar is told that there is no such page
      And MINT shows Oskar the platform as not connected

    @mindbaz @CL-67 @S004-30 @CL-52
    Scenario: Two visitors of one account keep their own grants
      Given a mindbaz platform
      And Maya has connected the platform
      And Oskar has connected the platform as Maya
      When Maya returns after 21 minutes
      Then Maya sees her 6 campaigns
      And the platform holds 2 live grants of Maya

    @mindbaz @PR-08 @S003-01
    Scenario: Each customer sees her own campaigns
      Given a mindbaz platform
      And Maya has connected the platform
      When Oskar connects the platform
      Then Oskar sees his 2 campaigns
