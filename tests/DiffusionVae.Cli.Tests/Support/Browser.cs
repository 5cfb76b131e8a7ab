using System.Globalization;
using System.Text.Json;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using OpenQA.Selenium.Interactions;
using SkiaSharp;

namespace DiffusionVae.Cli.Tests;

/// <summary>A real browser without a window, which draws in space by software.</summary>
public sealed class Browser : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Lazy<ChromeDriver> driver = new(Start);

    public static string? Program { get; } = Find("chromium", "chromium-browser", "google-chrome");

    public static string? Driver { get; } = Find("chromedriver");

    /// <summary>What tests lack that need a browser; null if nothing.</summary>
    public static string? Missing => Program is null || Driver is null ? "Needs chromium and chromedriver on the path." : null;

    /// <summary>Opens a report and waits until it can be used.</summary>
    /// <returns>How long that took, by the page's own clock.</returns>
    public TimeSpan Open(string page)
    {
        Messages();
        driver.Value.Navigate().GoToUrl(new Uri(Path.GetFullPath(page)));
        DateTime end = DateTime.UtcNow + Patience;
        while (driver.Value.FindElements(By.CssSelector("html[data-ready]")).Count == 0)
        {
            if (DateTime.UtcNow > end)
            {
                throw new TimeoutException($"{page} is not ready after {Patience}: {string.Join('\n', Messages())}");
            }
        }
        return TimeSpan.FromMilliseconds(Number("return Number(document.documentElement.dataset.ready)"));
    }

    /// <summary>
    /// What the page wrote to the console since it was last asked, errors that nobody caught included.
    /// </summary>
    public IReadOnlyList<string> Messages() => [.. driver.Value.Manage().Logs.GetLog(LogType.Browser).Select(entry => entry.Message)];

    /// <summary>The addresses that the page asked for since it was last asked.</summary>
    public IReadOnlyList<string> Requests() =>
    [
        .. driver.Value.Manage().Logs.GetLog(LogType.Performance)
            .Select(entry => JsonSerializer.Deserialize<JsonElement>(entry.Message).GetProperty("message"))
            .Where(message => message.GetProperty("method").GetString() == "Network.requestWillBeSent")
            .Select(message => message.GetProperty("params").GetProperty("request").GetProperty("url").GetString()!),
    ];

    public double Number(string script) => Convert.ToDouble(driver.Value.ExecuteScript(script), CultureInfo.InvariantCulture);

    public double[] Numbers(string script, params object[] arguments) =>
        [.. ((IEnumerable<object>)driver.Value.ExecuteScript(script, arguments)!)
            .Select(value => Convert.ToDouble(value, CultureInfo.InvariantCulture))];

    /// <summary>An element of the page, scrolled into view.</summary>
    public IWebElement Element(string selector)
    {
        IWebElement element = driver.Value.FindElement(By.CssSelector(selector));
        driver.Value.ExecuteScript("arguments[0].scrollIntoView({ block: 'center' })", element);
        return element;
    }

    /// <summary>
    /// Moves the pointer to a place of an element, in parts of its width from its middle, to the right and
    /// up.
    /// </summary>
    public void Point(IWebElement element, double right, double up) =>
        new Actions(driver.Value).MoveToElement(element, Pixels(element, right), -Pixels(element, up)).Perform();

    public void Drag(IWebElement element, double right, double up) =>
        new Actions(driver.Value).MoveToElement(element).ClickAndHold().MoveByOffset(Pixels(element, right), -Pixels(element, up)).Release()
            .Perform();

    public void Tap(IWebElement element, double right, double up)
    {
        var finger = new PointerInputDevice(PointerKind.Touch);
        var tap = new ActionSequence(finger);
        tap.AddAction(finger.CreatePointerMove(element, Pixels(element, right), -Pixels(element, up), TimeSpan.Zero));
        tap.AddAction(finger.CreatePointerDown(MouseButton.Touch));
        tap.AddAction(finger.CreatePointerUp(MouseButton.Touch));
        driver.Value.PerformActions([tap]);
    }

    /// <summary>The shades that a canvas of grey pixels shows, from 0 to 255.</summary>
    public double[] Shades(string selector) => Numbers(
        """
        const canvas = document.querySelector(arguments[0]);
        return Array.from(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data).filter((_, i) => i % 4 === 0);
        """,
        selector);

    /// <summary>What is seen of an element.</summary>
    public static SKBitmap Picture(IWebElement element) => SKBitmap.Decode(((ITakesScreenshot)element).GetScreenshot().AsByteArray);

    public void Dispose()
    {
        if (driver.IsValueCreated)
        {
            driver.Value.Quit();
        }
    }

    private static int Pixels(IWebElement element, double share) => (int)Math.Round(share * element.Size.Width);

    private static ChromeDriver Start()
    {
        var options = new ChromeOptions { BinaryLocation = Program };
        options.AddArguments("--headless=new", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--window-size=1280,1000");
        if (Environment.IsPrivilegedProcess)
        {
            options.AddArgument("--no-sandbox");
        }
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        options.SetLoggingPreference(LogType.Performance, LogLevel.All);
        return new ChromeDriver(ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(Driver), Path.GetFileName(Driver)), options);
    }

    private static string? Find(params string[] names) =>
        (from name in names
         from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
         let path = Path.Combine(folder, name)
         where File.Exists(path)
         select path).FirstOrDefault();
}
