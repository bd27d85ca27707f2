namespace Lanyard.Updates;

/// <summary>Told of each patched element that a slot takes. Implemented by structures, so that a call costs nothing.</summary>
internal interface IElementVisitor
{
    /// <summary>Takes an element.</summary>
    /// <param name="at">Its number in the piece.</param>
    /// <param name="position">Its position in the parameter.</param>
    void Visit(int at, long position);
}
