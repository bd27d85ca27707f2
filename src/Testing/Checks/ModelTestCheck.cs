namespace Lanyard.Testing;

/// <summary>What is checked of a class.</summary>
public enum ModelTestCheck
{
    /// <summary>Axes and dimensions differ in size, so that one in the place of another is seen.</summary>
    Sizes,

    /// <summary>The tensors of a list or a checkpoint are those that the class declares.</summary>
    Tensors,

    /// <summary>The class loads, and every tensor is taken.</summary>
    Load,

    /// <summary>What was loaded is exported, bit for bit.</summary>
    Export,

    /// <summary>The same bits loaded again give the same bits in the same storage, and what was there before leaves no trace.</summary>
    Repeat,

    /// <summary>A refit of some tensors leaves everything else as it was.</summary>
    Subset,

    /// <summary>What ranks load and export is, put together, what the whole model has.</summary>
    Ranks,

    /// <summary>A forward pass gives the outputs of a reference.</summary>
    Outputs,
}
