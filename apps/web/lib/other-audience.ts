/**
 * An API that nobody runs. "Under the hood" asks for a token that was made for it, and the API of this application refuses it:
 * a token is good where it was meant to go, and nowhere else.
 */
export const otherAudience = "https://another-api.example";
