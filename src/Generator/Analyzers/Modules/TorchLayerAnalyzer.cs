using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Modules;

/// <summary>A child with weights has a map: a layer of TorchSharp's has none, and a load refuses it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TorchLayerAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0048";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A child with weights has a map",
        "\"{0}\" holds TorchSharp's {1}, whose weights have no source, and which anybody can assign: a load refuses them. Declare a [Parameter] for each {2}.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    // What computes what the layer does, where there is something.
    private static readonly Dictionary<string, string> Functions = new(StringComparer.Ordinal)
    {
        ["Linear"] = "functional.linear",
        ["Bilinear"] = "functional.bilinear",
        ["Embedding"] = "Weight[ids]",
        ["LayerNorm"] = "functional.layer_norm",
        ["GroupNorm"] = "functional.group_norm",
        ["BatchNorm"] = "functional.batch_norm",
        ["InstanceNorm"] = "functional.instance_norm",
        ["Conv1d"] = "functional.conv1d",
        ["Conv2d"] = "functional.conv2d",
        ["Conv3d"] = "functional.conv3d",
        ["ConvTranspose1d"] = "functional.conv_transpose1d",
        ["ConvTranspose2d"] = "functional.conv_transpose2d",
        ["ConvTranspose3d"] = "functional.conv_transpose3d",
        ["PReLU"] = "functional.prelu",
        ["MultiheadAttention"] = "functional.scaled_dot_product_attention",
    };

    // The layers of Lanyard.Models that stand in its place.
    private static readonly Dictionary<string, string> Shared = new(StringComparer.Ordinal)
    {
        ["Linear"] = "ReplicatedLinear, ColumnLinear or RowLinear",
        ["Embedding"] = "TokenEmbedding",
    };

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context)
    {
        context.RegisterSymbolAction(
            static context =>
            {
                var property = (IPropertySymbol)context.Symbol;
                if (property.PartialDefinitionPart is null && IsChild(property) && Find(property.Type) is { } found)
                    Report(context.ReportDiagnostic, Locate.Member(property), property, found);
            },
            SymbolKind.Property);
        context.RegisterOperationAction(
            static context =>
            {
                if (!Annotated.IsModule(context.ContainingSymbol.ContainingType)) return;
                foreach (var made in MadeModule.In(context.Operation))
                {
                    // A type that says so is reported where the member is declared.
                    if (Find(KnownTypes.TypeOf(made.Member)) is null && OtherModules.Layer(made.Type) is not null) Report(context.ReportDiagnostic, made.Location, made.Member, made.Type);
                }
            },
            MadeModule.Kinds);
    }

    private static bool IsChild(IPropertySymbol property) => property.ContainingType is { TypeKind: TypeKind.Class } type && type.Attribute("ParameterModuleAttribute") is not null && ChildParser.IsChild(property);

    private static ITypeSymbol? Find(ITypeSymbol? type) => Held.Find(type, static type => Annotated.IsModule(type) ? null : OtherModules.Layer(type) is not null);

    private static void Report(Action<Diagnostic> report, Location location, ISymbol member, ITypeSymbol type)
    {
        var layer = OtherModules.Layer(type)!;
        var function = KnownTypes.BasesOf(layer).Select(static parent => Functions.TryGetValue(parent.Name, out var name) ? name : null).FirstOrDefault(static name => name is not null);
        var own = function is null ? "in an annotated class of your own" : $"and use {function}";
        report(Diagnostic.Create(Rule, location, Declared.Spelled(member), layer.Name, Shared.TryGetValue(layer.Name, out var shared) ? $"{own}, or take {shared} of Lanyard.Models.Layers" : own));
    }
}
