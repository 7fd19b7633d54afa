@journey
Feature: Suggestions
  MINT reads and suggests. Only the customer's own click changes a campaign.

  Rule: MINT changes nothing by itself

    @mindbaz @S000-11 @S000-12 @U-10 @CL-68
    Scenario: Days of looking change nothing
      Given a mindbaz platform
      And Maya has connected the platform
      When Maya returns after 3 days
      Then Maya sees suggestions
      And the platform has received no change

  Rule: An applied suggestion changes its campaign

    @S000-03 @S000-10 @S000-13 @U-10 @CL-68 @containers
    Scenario Outline: Of the suggestions only the applied one reaches the Platform
      Given a <platform> platform
      And Maya has connected the platform
      And Maya has dismissed the suggestion to resume a campaign
      When Maya applies the suggestion to pause a campaign
      Then that campaign is paused at the platform
      And the platform has received 1 change
      And MINT shows the suggestion as applied

      @mint
      Examples:
        | why                        | platform |
        | consent to all             | mint     |

      @mailup
      Examples:
        | why                        | platform |
        | an all-or-nothing consent  | mailup   |

      @service
      Examples:
        | why                        | platform |
        | both boxes ticked          | service  |

      @mindbaz @S004-40 @S004-41
      Examples:
        | why                        | platform |
        | a platform without scopes  | mindbaz  |

    @mindbaz @S000-13 @U-10 @CL-68
    Scenario: A dismissed suggestion stays dismissed
      Given a mindbaz platform
      And Maya has connected the platform
      And Maya has dismissed the suggestion to pause a campaign
      When Maya looks at her campaigns
      Then MINT shows the suggestion as dismissed
      And the platform has received no change

  Rule: A change is made once or clearly not at all

    @mindbaz @U-10 @U-14 @CL-69
    Scenario: A double click applies once
      Given a mindbaz platform
      And Maya has connected the platform
      When Maya double-clicks to apply the suggestion to pause a campaign
      Then the platform has received 1 change
      And that campaign is paused at the platform

    @mindbaz @U-10 @CL-69
    Scenario: A failed change is told as not made
      Given a mindbaz platform
      And Maya has connected the platform
      And the platform fails the next change
      When Maya applies the suggestion to pause a campaign
      Then Maya is told that the change was not made
      And that campaign is active at the platform

    @service @U-10 @CL-69 @S004-21
    Scenario: A change refused before its time is made once with renewed access
      Given a service platform
      And Maya has connected the platform
      And the platform refuses the next change although access is granted
      When Maya applies the suggestion to pause a campaign
      Then that campaign is paused at the platform
      And the platform has received 1 change
      And MINT has renewed access once

    @mindbaz @U-10 @CL-69
    Scenario: A change whose answer is lost is found to be made
      Given a mindbaz platform
      And Maya has connected the platform
      And the platform loses its answer to the next change
      When Maya applies the suggestion to raise a budget
      Then that campaign has a higher budget at the platform
      And MINT shows the suggestion as applied

    @mindbaz @S004-42 @CL-69
    Scenario: Access that ran out is renewed before the change
      Given a mindbaz platform
      And Maya has connected the platform
      And 21 minutes have passed
      When Maya applies the suggestion to pause a campaign
      Then that campaign is paused at the platform
      And the platform has refused no call

  Rule: Consent to reading does not cover changes

    @service @S000-03 @S003-02 @U-11 @CL-38 @CL-48 @containers
    Scenario: Without the right to change, suggestions cannot be applied
      Given a service platform
      When Maya connects the platform for reading only
      Then Maya sees suggestions
      And MINT says why they cannot be applied

    @service @U-11 @CL-12 @UI-10 @containers
    Scenario: Widening consent makes suggestions applicable
      Given a service platform
      And Maya has connected the platform for reading only
      And Maya has allowed changes as well
      When Maya applies the suggestion to pause a campaign
      Then that campaign is paused at the platform
      And the platform has received 1 change

    @service @S000-24 @U-11
    Scenario: A viewer who asks for more is told why he cannot have it
      Given a service platform
      And Victor has connected the platform
      When Victor asks for permission to make changes
      Then the platform has told Victor why he cannot allow changes
      And MINT may only read
