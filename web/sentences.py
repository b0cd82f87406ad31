"""Sentences of the domain that the public read: refusals of forms, and the words on slates.

The domain speaks English and knows no languages. A page in another language finds its sentences here again
and gives them in its own; ``%(name)s`` stands for what differs.
"""


def N_(text: str) -> str:  # noqa: N802  gettext's name for a text that is translated elsewhere
    """Mark a text for the catalogue."""
    return text


SENTENCES = (
    N_("The meeting is cancelled."),
    N_("The meeting is over."),
    N_("Registration closed on %(day)s at %(time)s."),
    N_("This link has been used. Your slot is over."),
    N_("Enter your name."),
    N_("Enter your question."),
    N_("Enter your e-mail address."),
    N_("Enter an e-mail address such as name@example.org."),
    N_("Enter a telephone number such as 01904 551 550."),
    N_("Enter an e-mail address or a telephone number, so that we can reach you."),
    N_("Choose an item on which the public can speak."),
    N_("Choose an item of the agenda."),
    N_("Choose one of the list."),
    N_("You are registered for this already. Ask democratic services for a new link."),
    N_("This link is not known. It may have been replaced by a newer one."),
    N_("Questions are closed for this meeting."),
    N_("This question is answered already."),
    N_("Questions on this item are closed."),
    N_("You asked no such question on this device."),
    N_("Too many questions wait to be read. Try again in some minutes."),
    N_("This meeting is no webinar."),
    N_("This meeting has no such poll."),
    N_("Hands can be raised while the webinar is on."),
    N_("Nobody raised this hand."),
    N_("Feedback is taken when the webinar is over."),
    N_("You have told us already. Thank you."),
    N_("You are among the speakers already."),
    N_("Too many hands are up. Try again in some minutes."),
    N_("This poll is closed."),
    N_("Choose an answer."),
    N_("Choose one answer only."),
    N_("The meeting is not being broadcast just now, so there is nothing to hear."),
    N_("That was a lot at once. Try again in %(seconds)s seconds."),
    N_("Questions are paused for the moment. Try again in some minutes."),
    N_("You can no longer ask or vote in this meeting. The reason: “%(reason)s”."),
    N_("Shorten your name to %(most)s characters: it has %(has)s, %(over)s too many."),
    N_("Shorten your e-mail address to %(most)s characters: it has %(has)s, %(over)s too many."),
    N_("Shorten your telephone number to %(most)s characters: it has %(has)s, %(over)s too many."),
    N_("Shorten what you want to say to %(most)s characters: it has %(has)s, %(over)s too many."),
    N_("Shorten your question to %(most)s characters: it has %(has)s, %(over)s too many."),
    N_("There is no such meeting."),
    N_("Registration opens when the agenda is published."),
    N_("Registration opens on %(day)s at %(time)s."),
    N_("The public do not take part in the meetings of this committee."),
    N_("All places are taken."),
    N_("All places are taken. You can send a written statement instead."),
    N_("Registration closed on %(day)s at %(time)s. You can send a written statement instead."),
    N_("The deadline has passed. The chair decides whether there is time for you."),
    N_("Choose the item that it is about."),
    N_("Say from which side you speak."),
    N_("Say how you want to take part."),
    N_("Choose the place from which you take part."),
    N_("Say how you may be broadcast."),
    N_("Enter your statement."),
    N_("Shorten your text to %(most)s words: it has %(has)s, %(over)s too many."),
    N_("Shorten your text to %(most)s characters: it has %(has)s, %(over)s too many."),
    N_("Shorten what you need to %(most)s characters: it has %(has)s, %(over)s too many."),
    N_("Shorten the name of your group to %(most)s characters: it has %(has)s, %(over)s too many."),
    N_("An officer brings what you wrote to the meeting: you need not wait here."),
    N_("You agreed to be heard and not seen, so no camera may be sent."),
    N_("The meeting is over: nobody reads this any more."),
    N_("This conversation is as long as it can be. Ask to be called instead."),
    N_("That was a lot at once. Try again in a minute."),
    N_("You take part by telephone: nothing is sent from here."),
    N_("No device is needed for this registration."),
    N_("The form was not complete. Open your link again."),
    N_("This form was sent from another site, so nothing was done. Open the page here and try again."),
    N_("The meeting starts soon"),
    N_("Due to start at %(time)s"),
    N_("The public have been excluded"),
    N_("The public have been excluded for item %(number)s"),
    N_(
        "Section 100A(4) of the Local Government Act 1972: exempt information, paragraph %(number)s "
        "of Part 1 of Schedule 12A"
    ),
    N_(
        "Section 100A(4) of the Local Government Act 1972: exempt information, paragraphs "
        "%(numbers)s and %(last)s of Part 1 of Schedule 12A"
    ),
    N_("Expected back about %(time)s"),
    N_("The meeting is adjourned"),
    N_("The meeting is adjourned until about %(time)s"),
    N_("The broadcast is suspended"),
    N_("The chair has suspended the broadcast because of a disturbance."),
    N_("The chair has suspended the broadcast because it may infringe rights or break the law."),
    N_("The chair has suspended the broadcast because it may prejudice proceedings."),
    N_("The broadcast has stopped for technical reasons"),
    N_("We are working on it."),
    N_("The meeting has ended"),
    N_("The recording will be on this page."),
)
