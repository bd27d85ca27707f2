namespace Lanyard.Ranks;

/// <summary>What came of a kill.</summary>
/// <param name="Kill">What was killed, and when.</param>
/// <param name="IsCommitted">Whether all have the new weights; else all have the old ones.</param>
/// <param name="WasUndecided">Whether a rank did not know for some time.</param>
internal sealed record KillOutcome(string Kill, bool IsCommitted, bool WasUndecided);
