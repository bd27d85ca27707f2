using System.Collections.Immutable;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace Lanyard.Lora;

/// <summary>The two factors of one adapter: <c>lora_A.weight</c>, [rank in], and <c>lora_B.weight</c>, [out rank], whole on every rank.</summary>
// By hand what the generator writes: it is not run on the runtime.
internal sealed class LoraProduct : torch.nn.Module, IParameterModule
{
    private readonly Entries _entries;
    private Parameter? _a;
    private Parameter? _b;

    /// <param name="path">The path of the module that it belongs to.</param>
    /// <param name="rank">The width between the factors.</param>
    /// <param name="inputs">The width of what goes in.</param>
    /// <param name="outputs">The width of what comes out.</param>
    public LoraProduct(string path, long rank, long inputs, long outputs)
        : base(nameof(LoraProduct))
    {
        (Path, Sizes, _entries) = (path, [rank, inputs, outputs], new Entries(this));
        RegisterComponents();
    }

    /// <summary>The path of the module that it belongs to, in the base.</summary>
    public string Path { get; }

    /// <summary>The sizes of the axes: rank, in, out.</summary>
    public ImmutableArray<long> Sizes { get; }

    public ParameterSet Parameters => _entries;

    /// <summary>The first factor, [rank in].</summary>
    public Parameter A => _entries.Read(0, _a);

    /// <summary>The second, [out rank].</summary>
    public Parameter B => _entries.Read(1, _b);

    /// <inheritdoc/>
    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
    {
        if (recurse) _entries.CheckReadable();
        else _entries.MakeForListing();
        return base.named_parameters(recurse);
    }

    protected override void RegisterComponents() => _entries.EndConstruction();

    private sealed class Entries(LoraProduct module) : ParameterSet(Declared)
    {
        private static readonly ModuleMap Declared = new()
        {
            Type = nameof(LoraProduct),
            Axes = [new("rank", Shard.None, false, []), new("in", Shard.None, false, []), new("out", Shard.None, false, [])],
            Parameters =
            [
                new(0, nameof(A), "a", "rank in", [new("lora_A.weight", "rank in")]),
                new(1, nameof(B), "b", "out rank", [new("lora_B.weight", "out rank")]),
            ],
        };

        protected internal override OrderedDict<string, Parameter> Registered => module._internal_params;

        protected internal override OrderedDict<string, torch.nn.Module> RegisteredModules => module._internal_submodules;

        protected internal override long SizeOf(int axis) => module.Sizes[axis];

        protected internal override void OnDevice(torch.Device device) => (module._deviceType, module._deviceIndex) = (device.type, device.index);

        protected internal override void Assign(int index, Parameter value)
        {
            var (name, accepted) = (Map.Parameters[index].Name, Accept(index, value));
            if (index == 0) module._a = accepted;
            else module._b = accepted;
            module.ConditionallyRegisterParameter(name, accepted);
        }
    }
}
