/** Files on their way in. */
export const moving = {
  "transfer.why.canvas": "已导入，但不含画布内容。",
  "transfer.why.cutOff": "文件在对话中间中断。",
  "transfer.why.file": "已跳过一个文件：",
  "transfer.why.fileTooLarge": "一个文件过大，已跳过：",
  "transfer.why.parts": "已导入，但不含无法显示的部分：",
  "transfer.why.tools": "已导入，但不含工具调用步骤。",
};
