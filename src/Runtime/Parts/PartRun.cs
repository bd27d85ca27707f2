namespace Lanyard.Parts;

/// <summary>Neighbouring indices of one dimension that are neighbours in a part of the tensor, too.</summary>
/// <param name="Start">The first index in the whole tensor.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Position">Where the first one is in the part.</param>
internal readonly record struct PartRun(long Start, long Count, long Position)
{
    /// <summary>The last index in the whole tensor.</summary>
    public long Last => Start + Count - 1;
}
