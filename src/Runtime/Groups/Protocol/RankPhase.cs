namespace Lanyard.Groups.Protocol;

/// <summary>Where a rank is in a refit.</summary>
internal enum RankPhase
{
    /// <summary>Weights come, and nothing was said to others.</summary>
    Open,

    /// <summary>All is prepared; the vote is on its way.</summary>
    Voting,

    /// <summary>The vote is there; the decision is waited for.</summary>
    Waiting,

    /// <summary>The rank makes a decision, unless another is there first.</summary>
    Closing,

    /// <summary>The decision is known.</summary>
    Ended,
}
