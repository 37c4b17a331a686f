namespace SIPSorcery.Net;

/// <summary>The kinds of media that an SDP media description may announce.</summary>
public enum SDPMediaTypesEnum
{
    invalid = 0,
    audio = 1,
    video = 2,
    application = 3,
    data = 4,
    control = 5,
    image = 6,
    message = 7,
    text = 8,
}
