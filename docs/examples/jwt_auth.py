from watchword.fastapi import CurrentUser, current_user, optional_user, self_user

get_current_user, get_optional_user = current_user, optional_user
verify_user_access = get_verified_user = self_user("user_id")


async def get_current_user_id(user: CurrentUser) -> str:
    return user.user_id
