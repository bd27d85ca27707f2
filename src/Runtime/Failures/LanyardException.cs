namespace Lanyard;

/// <summary>
/// What Lanyard refuses, and what has kept it from doing what it was asked: the base of all its exceptions, so that one handler sees them. Its messages are
/// for people: names, what was expected, what was found, what to do. An argument that no call could take, such as null, is an exception of .NET.
/// </summary>
public abstract class LanyardException : Exception
{
    /// <summary>Says what was refused.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    protected LanyardException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
