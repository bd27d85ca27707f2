namespace Lanyard.Transfers;

/// <summary>Elements that two storages have: the same nested loops over both.</summary>
/// <param name="Target">Where the first element is in the storage that is written.</param>
/// <param name="Source">Where it is in the storage that is read.</param>
/// <param name="Loops">The loops, slowest in the tensor first.</param>
internal sealed record RegionPair(long Target, long Source, PairLoop[] Loops)
{
    /// <summary>How many elements it has.</summary>
    public long Count
    {
        get
        {
            var count = 1L;
            foreach (var loop in Loops) count *= loop.Size;
            return count;
        }
    }
}
