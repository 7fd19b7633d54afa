package pages

// Step is one thing that a person does on a page of a login that cannot be
// guessed, as the file of a partner's server writes it. Fields, buttons and
// what is waited for are named by a CSS selector ("css=#user"), a role and name
// ("role=button Sign in") or by readable text.
type Step struct {
	// URL is what the page's address must contain or match; empty for any.
	URL string `yaml:"url" doc:"what the page's address contains; * stands for anything"`
	// Fill maps fields to what is typed into them; ${username} and ${password}
	// stand for those of the customer.
	Fill     map[string]string `yaml:"fill" doc:"field: what is typed into it; ${username} and ${password} stand for the customer's"`
	Click    string            `yaml:"click" doc:"what is clicked after that"`
	Wait     string            `yaml:"wait" doc:"what has to appear before the next step"`
	Optional bool              `yaml:"optional" doc:"whether the step is passed over where its page or field does not appear"`
}
