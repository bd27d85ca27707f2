using Lanyard.Layouts;

namespace Lanyard;

/// <summary>A layout that cannot be read or resolved.</summary>
public sealed class LayoutException : LanyardException
{
    /// <summary>Makes an exception that carries an error.</summary>
    /// <param name="error">What is wrong; its message becomes the exception's.</param>
    public LayoutException(LayoutError error)
        : base(error.Message) => Error = error;

    /// <summary>What is wrong, and where.</summary>
    public LayoutError Error { get; }
}
