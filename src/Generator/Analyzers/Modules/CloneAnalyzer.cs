using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Modules;

/// <summary>An annotated module is not cloned field by field.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CloneAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0033";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "An annotated module is not cloned field by field",
        "A clone of \"{0}\" would share tensors and loaders with the original and know nothing of its refits. Construct another one and load it.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => context.RegisterOperationAction(Call, OperationKind.Invocation);

    private static void Call(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod is { Name: "MemberwiseClone", ContainingType.SpecialType: SpecialType.System_Object } && Annotated.IsModule(call.Instance?.Type))
            context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(call.Syntax), call.Instance!.Type!.Name));
    }
}
