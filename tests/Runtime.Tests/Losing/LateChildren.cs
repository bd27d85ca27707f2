using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>Children that are made after <c>RegisterComponents</c>.</summary>
[ParameterModule]
public sealed partial class LateChildren : nn.Module
{
    public LateChildren()
        : base(nameof(LateChildren))
    {
        Single = new Handed();
        RegisterComponents();
        Plain.Add(new Handed());
        Blocks.Add(new Handed());
    }

    public List<Handed> Plain { get; } = [];

    public ModuleList<Handed> Blocks { get; } = [];

    public Handed Single { get; init; }
}
