using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Values;

/// <summary>Weights are loaded through the map, which knows the layout.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LoadStateAnalyzer() : ModuleAnalyzer(Rule)
{
    private static readonly HashSet<string> Calls = ["load_state_dict", "load", "load_py", "load_safetensors", "load_checkpoint"];

    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0036";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Weights are loaded through the map",
        "\"{0}\" copies values into \"{1}\" whatever layout they are in: after a post-load method they would be wrong without an error. Use LoadPlan or BeginRefit.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => context.RegisterOperationAction(
        static context =>
        {
            var call = (IInvocationOperation)context.Operation;
            if (!Calls.Contains(call.TargetMethod.Name)) return;
            var target = Operation.Bare(Operation.Receiver(call));

            // Generated code overrides some of them, to refuse. One that an author wrote is the author's, an extension, too.
            var declared = call.TargetMethod;
            while (declared.OverriddenMethod is { } overridden) declared = overridden;
            if (Annotated.IsModule(target?.Type) && (KnownTypes.IsOfTorch(declared.ContainingType) || KnownTypes.IsOfPyBridge(declared.ContainingType)))
                context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(call.Syntax), call.TargetMethod.Name, target!.Type!.Name));
        },
        OperationKind.Invocation);
}
