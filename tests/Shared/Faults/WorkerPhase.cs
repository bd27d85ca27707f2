namespace Lanyard.Faults;

/// <summary>What the worker is doing.</summary>
internal enum WorkerPhase : byte
{
    /// <summary>It starts, and waits to be told to go on.</summary>
    Waiting,

    /// <summary>It opens and loads every checkpoint that earlier workers left.</summary>
    Start,

    /// <summary>It loads a source into a new model.</summary>
    Load,

    /// <summary>It refits the model, staged.</summary>
    StagedRefit,

    /// <summary>It refits the model in place.</summary>
    InPlaceRefit,

    /// <summary>It exports over one file.</summary>
    ExportSingle,

    /// <summary>It exports over as many files and an index.</summary>
    ExportSharded,

    /// <summary>It exports one file over several, or several over one.</summary>
    ExportMixed,

    /// <summary>It exports each rank's part.</summary>
    ExportRanks,

    /// <summary>It merges the parts.</summary>
    Merge,
}
