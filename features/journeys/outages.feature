@journey
Feature: When a platform has a bad day
  A platform that fails, is busy or loses an answer costs the customer no
  consent: she sees the figures MINT has, with their date, until all is well.

  Rule: While access cannot be renewed the last figures stay visible

    @mint @S000-32 @CL-51 @TX-28
    Scenario: A failing renewal leaves the old figures with their date
      Given a mint platform
      And Maya has connected the platform
      And the platform fails the next renewal
      When Maya returns after 21 minutes
      Then Maya sees the figures of 21 minutes ago with their date
      And MINT shows the platform as degraded

    @mindbaz @CL-51 @U-08
    Scenario: A platform that works again is connected again by itself
      Given a mindbaz platform
      And Maya has connected the platform
      And the platform fails the next renewal
      And Maya has returned after 21 minutes
      When Maya returns after 10 minutes
      Then Maya sees her 6 campaigns
      And MINT shows the platform as connected

    @mindbaz @CL-51 @S004-37 @S004-43 @CL-39
    Scenario: An API that breaks down shows the old figures, not an error
      Given a mindbaz platform
      And Maya has connected the platform
      And the platform's API breaks down for the next call
      When Maya returns after 5 minutes
      Then Maya sees the figures of 5 minutes ago with their date
      And MINT has renewed access 0 times

  Rule: MINT waits as long as a busy platform asks

    @mindbaz @CL-50
    Scenario: Nothing is sent before the wait is over
      Given a mindbaz platform
      And Maya has connected the platform
      And the platform asks for a wait of 2 minutes at the next renewal
      And Maya has returned after 21 minutes
      When Maya returns after 1 minute
      Then MINT has tried to renew access once
      And MINT shows the platform as degraded

    @mindbaz @CL-50
    Scenario: The renewal follows when the wait is over
      Given a mindbaz platform
      And Maya has connected the platform
      And the platform asks for a wait of 2 minutes at the next renewal
      And Maya has returned after 21 minutes
      When Maya returns after 3 minutes
      Then Maya sees her 6 campaigns
      And MINT shows the platform as connected

  Rule: A lost answer is treated as the kind of refresh token allows

    @mint @S000-34 @CL-56 @TX-07
    Scenario: A sliding refresh token is simply used again
      Given a mint platform
      And Maya has connected the platform
      And the platform loses its answer to the next renewal
      And Maya has returned after 21 minutes
      When Maya returns after 10 minutes
      Then Maya sees her 6 campaigns
      And MINT has renewed access with one refresh token

    @service @CL-56 @RR-06 @TX-05
    Scenario: Within the grace a spent refresh token is presented once more
      Given a service platform
      And Maya has connected the platform
      And the platform loses its answer to the next renewal
      When Maya returns after 61 minutes
      Then Maya sees her 6 campaigns
      And MINT shows the platform as connected

    @CL-56 @CL-59 @TX-06 @S004-25
    Scenario Outline: Without a grace the customer is asked to reconnect
      Given a <platform> platform
      And Maya has connected the platform
      And the platform loses its answer to the next renewal
      And Maya has returned after <absence>
      When Maya returns after 10 minutes
      Then Maya is asked to reconnect the platform
      And MINT has tried to renew access at most 2 times

      @mailup
      Examples:
        | why                          | platform | absence    |
        | a replay ends the family     | mailup   | 16 minutes |

      @mindbaz
      Examples:
        | why                          | platform | absence    |
        | a replay is refused          | mindbaz  | 21 minutes |
