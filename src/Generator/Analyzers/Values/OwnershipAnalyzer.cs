using Lanyard.Generator.Analyzers.Operations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Values;

/// <summary>A parameter's tensor belongs to its module.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OwnershipAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0032";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A parameter is neither disposed nor taken away",
        "{0} takes the tensor of \"{1}\" away from its module: the property would hold an invalid handle. {2}.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => context.RegisterOperationAction(
        static context =>
        {
            foreach (var use in TensorUses.In(context.Operation).Where(static use => use.Effect is TensorEffect.Dispose or TensorEffect.Move))
            {
                if (use.Parameters().FirstOrDefault() is { Source: not null } parameter)
                    context.ReportDiagnostic(Diagnostic.Create(Rule, use.Location, use.By, parameter.Name, use.Effect == TensorEffect.Move ? "Give it a copy: clone()" : "It is disposed with the module"));
            }
        },
        TensorUses.Kinds);
}
