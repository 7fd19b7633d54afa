@journey
Feature: Safekeeping
  What MINT holds for a customer is readable to nobody else.

  Rule: Tokens rest encrypted

    @S000-37 @CL-62 @CL-23 @S001-12
    Scenario Outline: The database gives no token away
      Given a <platform> platform whose token answers are overheard
      And Maya has connected the platform
      And MINT has renewed access 1 time
      When MINT's database is searched for what was overheard
      Then no token is found in it
      And no code is found in it

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

    @mint @CL-42 @S001-05
    Scenario: MINT's log names no token
      Given a mint platform whose token answers are overheard
      And Maya has connected the platform
      And the platform fails the next renewal
      And Maya has returned after 21 minutes
      When MINT's log is searched for what was overheard
      Then no token is found in it

  Rule: The browser holds no token

    @mint @S000-23 @CL-64 @S004-19
    Scenario: No page of MINT carries a token
      Given a mint platform whose token answers are overheard
      And Maya has connected the platform
      When the pages of MINT are searched for what was overheard
      Then no token is found in it

    @mailup @CL-11 @S001-05 @S001-06
    Scenario: The client secret stays behind the scenes
      Given a mailup platform
      When Maya connects the platform
      Then her browser has never carried the client secret

  Rule: A password entered in MINT is used once

    @mindbaz @S004-12 @U-15 @CL-70 @S002-05
    Scenario: The database holds no password
      Given a mindbaz platform
      And Maya has connected the platform
      When MINT's database is searched for Maya's password
      Then no password is found in it
      And MINT has sent the password once

  Rule: A connection belongs to the visitor who made it

    @mint @CL-67 @S000-08
    Scenario: Another visitor cannot open the connection
      Given a mint platform
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

    @mint @PR-08 @S003-01
    Scenario: Each customer sees her own campaigns
      Given a mint platform
      And Maya has connected the platform
      When Oskar connects the platform
      Then Oskar sees his 2 campaigns
