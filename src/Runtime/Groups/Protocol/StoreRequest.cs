namespace Lanyard.Groups.Protocol;

/// <summary>What is asked of the store of decisions next.</summary>
internal enum StoreRequest
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>To create the mark that a rank was there.</summary>
    CreateMark,

    /// <summary>To find the decision of a number.</summary>
    FindDecision,

    /// <summary>To create the decision of a number, unless there is one.</summary>
    CreateDecision,

    /// <summary>To find the vote of a rank.</summary>
    FindVote,

    /// <summary>To create the own vote.</summary>
    CreateVote,
}
