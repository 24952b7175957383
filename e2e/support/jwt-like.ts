/** Anything that could be a JWT: the beginning of a JSON object in base64url, and a second segment. */
export const jwtLike = /eyJ[\w-]+\.[\w-]+/;
