// What a page needs beyond htmx. Nothing here is needed for a page to work: without scripts, forms are sent
// and links are followed as ever.
"use strict";
