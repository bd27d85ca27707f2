namespace Lanyard;

/// <summary>How far a load has come.</summary>
/// <param name="Slots">The slots written so far.</param>
/// <param name="TotalSlots">The slots to write.</param>
/// <param name="Bytes">The checkpoint bytes behind the slots written so far.</param>
/// <param name="TotalBytes">The checkpoint bytes to read.</param>
public readonly record struct LoadProgress(int Slots, int TotalSlots, long Bytes, long TotalBytes);
