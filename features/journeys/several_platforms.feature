@journey
Feature: Several platforms
  Each connection stands for itself.

  Rule: A problem with one platform leaves the others alone

    @mindbaz @mailup @S000-19 @S000-21 @U-12 @CL-43 @CL-59 @containers
    Scenario: Losing one connection leaves the other
      Given a mindbaz platform and a mailup platform
      And Maya has connected the mindbaz platform
      And Maya has connected the mailup platform
      When Maya withdraws MINT's access at the mailup platform
      Then MINT needs Maya to reconnect the mailup platform
      And MINT still shows the figures of the mindbaz platform
      And the mindbaz platform has refused no call

    @service @mindbaz @U-12 @CL-51
    Scenario: A platform with trouble degrades alone
      Given a service platform and a mindbaz platform
      And Maya has connected the service platform
      And Maya has connected the mindbaz platform
      And the mindbaz platform fails the next renewal
      When Maya returns to the mindbaz platform after 61 minutes
      Then MINT shows the mindbaz platform as degraded
      And MINT still shows the figures of the service platform
