namespace Lanyard.Groups.Protocol;

/// <summary>What a rank has to do at the end of a refit.</summary>
internal enum RankOutcome
{
    /// <summary>Nothing yet: it keeps both weights.</summary>
    Undecided,

    /// <summary>To take the new weights.</summary>
    Commit,

    /// <summary>To keep the old weights.</summary>
    Abandon,

    /// <summary>To run no more: the group has other weights than it can take.</summary>
    LeftBehind,
}
