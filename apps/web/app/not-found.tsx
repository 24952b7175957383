import Link from "next/link";
import { MessagePage } from "../components/shell/message-page.tsx";
import { buttonStyle } from "../components/ui/button.tsx";

export default function NotFound() {
  return (
    <MessagePage
      code="404"
      title="There is nothing here"
      text="The address may be mistyped, or what was here has gone."
      action={
        <Link href="/" className={buttonStyle("secondary")}>
          Go to the start
        </Link>
      }
    />
  );
}
