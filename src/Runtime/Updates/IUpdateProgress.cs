using Lanyard.Maps;

namespace Lanyard.Updates;

/// <summary>A change of weights, as whoever watches it sees it.</summary>
internal interface IUpdateProgress : ISessionOwner
{
    /// <summary>When it ends by itself, if nothing comes; null for never.</summary>
    DateTime? Expires { get; }

    /// <summary>How far it is.</summary>
    RefitProgress Progress();
}
