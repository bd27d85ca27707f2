using static TorchSharp.torch;

namespace Lanyard;

/// <summary>How <see cref="AutoModel"/> makes and loads a model.</summary>
public sealed record PretrainedOptions
{
    /// <summary>Which rank of how many this is; one that holds everything by default.</summary>
    public Topology? Topology { get; init; }

    /// <summary>The element type of parameters that declare none. Null: what the configuration says, and float32 where it says nothing, as for GGUF, which loses nothing.</summary>
    public ScalarType? Type { get; init; }

    /// <summary>Where the parameters are made; the CPU by default.</summary>
    public Device? Device { get; init; }

    /// <summary>Whether parameters are in declared kernel layouts, and post-load methods make what kernels want: <see cref="ParameterSet.HasKernelLayouts"/>. Null: true, unless a part of the model was told otherwise.</summary>
    public bool? KernelLayouts { get; init; }

    /// <summary>What takes the place of children, by path and child, before anything is loaded; null to leave one: <see cref="ParameterModuleExtensions.Exchange"/>.</summary>
    public Func<string, nn.Module, nn.Module?>? Exchange { get; init; }

    /// <summary>What makes the memory of parameters, such as views of an arena; null for fresh tensors.</summary>
    public ParameterAllocator? Allocate { get; init; }

    /// <summary>What the load may do beside the declared map.</summary>
    public LoadOptions? Load { get; init; }

    /// <summary>Told how far the load is.</summary>
    public IProgress<LoadProgress>? Progress { get; init; }
}
