namespace Lanyard;

/// <summary>What may be done with a module now.</summary>
public enum ModelState
{
    /// <summary>Not loaded yet: the constructor's values are in the model layout.</summary>
    Building,

    /// <summary>Whole: every parameter belongs to the same set of weights.</summary>
    Loaded,

    /// <summary>A refit in place is under way, or a staged one moves its values: reading a parameter throws.</summary>
    Refitting,

    /// <summary>A load or an in-place refit failed halfway, or a staged one while its values were moved into place: neither old nor new. Reading a parameter throws until a refit completes.</summary>
    Torn,

    /// <summary>Experts were placed on this rank that it did not hold: reading a parameter throws until a refit has brought them.</summary>
    Incomplete,

    /// <summary>The module was disposed.</summary>
    Disposed,
}
